# PixArt-alpha at twice the side.
_base_ = ["1x256x256.py"]
image_size = (512, 512)
model = dict(from_pretrained="PixArt-XL-2-512x512.pth")
