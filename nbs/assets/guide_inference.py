# Define sampling size
num_frames = 64 # number of frames, 1 means image
fps = 24 # frames per second (condition for generation)
frame_interval = 3 # output video will have fps/frame_interval frames per second
image_size = (240, 426) # image size (height, width)
# Define model
model = dict(
type="STDiT2-XL/2", # Select model type (STDiT-XL/2, DiT-XL/2, etc.)
from_pretrained="PRETRAINED_MODEL", # (Optional) Load from pretrained model
input_sq_size=512, # Base spatial position embedding size
qk_norm=True, # Normalize query and key in attention
enable_flash_attn=True, # (Optional) Speed up training and inference with flash attention
# Turn enable_flash_attn to False if you skip flashattn installation
enable_layernorm_kernel=True, # (Optional) Speed up training and inference with fused kernel
# Turn enable_layernorm_kernel to False if you skip apex installation
)
vae = dict(
type="VideoAutoencoderKL", # Select VAE type
from_pretrained="stabilityai/sd-vae-ft-ema", # Load from pretrained VAE
micro_batch_size=4, # VAE with micro batch size to save memory
)
text_encoder = dict(
type="t5", # Select text encoder type (t5, clip)
from_pretrained="DeepFloyd/t5-v1_1-xxl", # Load from pretrained text encoder
model_max_length=200, # Maximum length of input text
)
scheduler = dict(
type="iddpm", # Select scheduler type (iddpm, dpm-solver)
num_sampling_steps=100, # Number of sampling steps
cfg_scale=7.0, # hyper-parameter for classifier-free diffusion
cfg_channel=3, # how many channels to use for classifier-free diffusion, if None, use all channels
)
dtype = "bf16" # Computation type (fp16, fp32, bf16)
# Condition
prompt_path = "./assets/texts/t2v_samples.txt" # path to prompt file
prompt = None # prompt has higher priority than prompt_path
# Other settings
batch_size = 1 # batch size
seed = 42 # random seed
save_dir = "./samples" # path to save samples
