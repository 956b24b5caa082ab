# PixArt-alpha for any ratio of sides, about 1024 x 1024 pixels.
_base_ = ["1x256x256.py"]
image_size = (1440, 720)
multi_resolution = "PixArtMS"
model = dict(type="PixArtMS-XL/2", from_pretrained="PixArt-XL-2-1024-MS.pth", space_scale=2.0)
