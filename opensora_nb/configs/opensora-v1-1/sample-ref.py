# Open-Sora 1.1 with given frames and ten loops: the first eight frames of a clip, edited a little, and then on and on.
_base_ = ["sample.py"]
loop = 10
condition_frame_length = 4
prompt = [
    "a car drives along a coastal road, then through a forest in heavy rain",
    "|0|a calm sea at dawn|3|a storm at sea|7|a calm sea at dusk",
]
reference_path = ["https://cdn.openai.com/tmp/s/interp/d0.mp4", None]
mask_strategy = ["0,0,0,0,8,0.3", None]
