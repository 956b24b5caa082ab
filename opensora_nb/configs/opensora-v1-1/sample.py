# Open-Sora 1.1, the run of the Guide. Sizes, frames and rate may be changed: --num-frames 16 --image-size 320 320
_base_ = ["../_sample.py"]
num_frames = 64
image_size = (240, 426)
multi_resolution = "STDiT2"
model = dict(
    type="STDiT2-XL/2",
    from_pretrained="hpcai-tech/OpenSora-STDiT-v2-stage3",
    input_sq_size=512,
    qk_norm=True,
    enable_flash_attn=True,        # where flash-attn is installed; else PyTorch's own attention
    enable_layernorm_kernel=True,  # where apex is installed; else PyTorch's own norm
)
text_encoder = dict(model_max_length=200)
scheduler = dict(cfg_channel=3)
