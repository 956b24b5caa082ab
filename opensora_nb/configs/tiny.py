# A prompt becomes a clip in seconds on a laptop: osnb-sample tiny --prompt "a red heart bouncing at night"
_base_ = ["_tiny.py"]
num_frames = 8
fps = 8
image_size = (32, 32)
multi_resolution = "STDiT2"
scheduler = dict(num_sampling_steps=50, cfg_scale=2.0)
prompt = [
    "a red heart bouncing at night",
    "a yellow star swinging by day",
    "a blue ball pulsing at sunset",
    "a purple box resting by day",
]
batch_size = 4
save_dir = "./samples"
upscale = 8  # 32x32 pixels are small: enlarge them in the files
