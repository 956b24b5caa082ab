# Open-Sora 1.0 at twice the side.
_base_ = ["16x256x256.py"]
image_size = (512, 512)
model = dict(from_pretrained="OpenSora-v1-HQ-16x512x512.pth", space_scale=1.0)
