# PixArt-alpha, images.
_base_ = ["../_sample.py"]
num_frames = 1
image_size = (256, 256)
model = dict(type="PixArt-XL/2", from_pretrained="PixArt-XL-2-256x256.pth", space_scale=1.0, no_temporal_pos_emb=True)
scheduler = dict(_delete_=True, type="dpm-solver", num_sampling_steps=20, cfg_scale=7.0)
