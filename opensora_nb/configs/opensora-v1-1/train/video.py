# Clips of 16 frames at one resolution, with frames given: a small start on one's own clips.
_base_ = ["stage1.py"]
bucket_config = {"_delete_": True, "240p": {16: (1.0, 4)}}
