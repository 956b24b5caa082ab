# Third stage: the largest sizes get most of the work. The Guide gives the buckets of stage 2; these are ours.
_base_ = ["stage2.py"]
bucket_config = {
    "_delete_": True,
    "240p": {1: (0.3, 20), 16: (0.2, 17), 32: (0.2, 9), 64: (0.2, 4), 128: (0.2, 2)},
    "480p": {1: (0.5, 54), 16: (0.5, 4), 32: (0.5, 2), 64: (0.5, 1)},
    "720p": {1: (0.5, 20), 16: (0.5, 2), 32: (0.5, 1)},
    "1024": {1: (0.5, 20)},
    "1080p": {1: (0.5, 8)},
}
