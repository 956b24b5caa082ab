# Open-Sora 1.0: clips of one size.
_base_ = ["../_sample.py"]
num_frames = 16
image_size = (256, 256)
model = dict(type="STDiT-XL/2", from_pretrained="OpenSora-v1-HQ-16x256x256.pth", space_scale=0.5, time_scale=1.0, enable_flash_attn=True, enable_layernorm_kernel=True)
