# What sampling runs of the released models share. Weights are named, not shipped: osnb-sample RUN --dry-run says which are missing.
vae = dict(type="VideoAutoencoderKL", from_pretrained="stabilityai/sd-vae-ft-ema", micro_batch_size=4)
text_encoder = dict(type="t5", from_pretrained="DeepFloyd/t5-v1_1-xxl", model_max_length=120)
scheduler = dict(type="iddpm", num_sampling_steps=100, cfg_scale=7.0)
fps = 24
frame_interval = 3  # files play fps // frame_interval = 8 frames per second
dtype = "bf16"
prompt = [
    "a lighthouse on a rocky coast, waves breaking below it, seen from a slowly rising drone",
    "a red fox trots through fresh snow between birches, the camera follows beside it",
]
batch_size = 1
seed = 42
save_dir = "./samples"
