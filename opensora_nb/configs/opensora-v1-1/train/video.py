# Videos of several resolutions and lengths, the example of the Guide.
_base_ = ["stage1.py"]
bucket_config = {
    "_delete_": True,
    "240p": {16: (1.0, 16), 32: (1.0, 8), 64: (1.0, 4), 128: (1.0, 2)},
    "480p": {16: (1.0, 4)},
    "720p": {16: (0.5, 2)},
}
