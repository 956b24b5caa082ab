# What training runs of the released models share; the data come by --data-path TABLE.
dataset = dict(type="VariableVideoTextDataset", data_path=None, num_frames=None, frame_interval=3, image_size=(None, None), transform_name="resize_crop")
vae = dict(type="VideoAutoencoderKL", from_pretrained="stabilityai/sd-vae-ft-ema", micro_batch_size=4)
text_encoder = dict(type="t5", from_pretrained="DeepFloyd/t5-v1_1-xxl", model_max_length=200)
scheduler = dict(type="iddpm", timestep_respacing="")
num_workers = 8
dtype = "bf16"
grad_checkpoint = True
plugin = "zero2"
seed = 42
outputs = "outputs"
epochs = 1000
log_every = 10
ckpt_every = 500
lr = 2e-5
grad_clip = 1.0
