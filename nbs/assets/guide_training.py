# Define dataset
dataset = dict(
type="VariableVideoTextDataset", # Select dataset type
# VideoTextDataset for OpenSora 1.0, VariableVideoTextDataset for OpenSora 1.1 and 1.2
data_path=None, # Path to the dataset
num_frames=None, # Number of frames, set None since we support dynamic training
frame_interval=3, # Frame interval
image_size=(None, None), # Image size, set None since we support dynamic training
transform_name="resize_crop", # Transform name
)
# bucket config usage see next section
bucket_config = {
"144p": {1: (1.0, 48), 16: (1.0, 17), 32: (1.0, 9), 64: (1.0, 4), 128: (1.0, 1)},
"256": {1: (0.8, 254), 16: (0.5, 17), 32: (0.5, 9), 64: (0.5, 4), 128: (0.5, 1)},
"240p": {1: (0.1, 20), 16: (0.9, 17), 32: (0.8, 9), 64: (0.8, 4), 128: (0.8, 2)},
"512": {1: (0.5, 86), 16: (0.2, 4), 32: (0.2, 2), 64: (0.2, 1), 128: (0.0, None)},
"480p": {1: (0.4, 54), 16: (0.4, 4), 32: (0.0, None)},
"720p": {1: (0.1, 20), 16: (0.1, 2), 32: (0.0, None)},
"1024": {1: (0.3, 20)},
"1080p": {1: (0.4, 8)},
}
# mask ratio in training
mask_ratios = {
"identity": 0.75, # 75% no mask
"quarter_random": 0.025, # 2.5% random mask with 1 frame to 1/4 #frames
"quarter_head": 0.025, # 2.5% mask at the beginning with 1 frame to 1/4 #frames
"quarter_tail": 0.025, # 2.5% mask at the end with 1 frame to 1/4 #frames
"quarter_head_tail": 0.05, # 5% mask at the beginning and end with 1 frame to 1/4 #frames
"image_random": 0.025, # 2.5% random mask with 1 image to 1/4 #images
"image_head": 0.025, # 2.5% mask at the beginning with 1 image to 1/4 #images
"image_tail": 0.025, # 2.5% mask at the end with 1 image to 1/4 #images
"image_head_tail": 0.05, # 5% mask at the beginning and end with 1 image to 1/4 #images
}
# Define acceleration
num_workers = 8 # Number of workers for dataloader
num_bucket_build_workers = 16 # Number of workers for bucket building
dtype = "bf16" # Computation type (fp16, fp32, bf16)
grad_checkpoint = True # Use gradient checkpointing
plugin = "zero2" # Plugin for training
sp_size = 1 # Sequence parallel size
# Define model
model = dict(
type="STDiT2-XL/2", # Select model type (STDiT-XL/2, DiT-XL/2, etc.)
from_pretrained=None, # Load from pretrained model
input_sq_size=512, # Base spatial position embedding size
qk_norm=True, # Normalize query and key in attention
enable_flash_attn=True, # (Optional) Speed up training and inference with flash attention
enable_layernorm_kernel=True, # (Optional) Speed up training and inference with fused kernel
)
vae = dict(
type="VideoAutoencoderKL", # Select VAE type
from_pretrained="stabilityai/sd-vae-ft-ema",
micro_batch_size=4, # VAE with micro batch size to save memory
local_files_only=True, # Load from local files only (first time should be false)
)
text_encoder = dict(
type="t5", # Select text encoder type (t5, clip)
from_pretrained="DeepFloyd/t5-v1_1-xxl",
model_max_length=200, # Maximum length of input text
shardformer=True, # Use shardformer
local_files_only=True, # Load from local files only (first time should be false)
)
scheduler = dict(
type="iddpm", # Select scheduler type (iddpm, iddpm-speed)
timestep_respacing="",
)
# Others
seed = 42 # random seed
outputs = "outputs" # path to save outputs
wandb = False # Use wandb or not
epochs = 1000 # Number of epochs (set a large number and kill the process when you want to stop)
log_every = 10
ckpt_every = 500
load = None
batch_size = None
lr = 2e-5
grad_clip = 1.0
