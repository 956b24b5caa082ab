# Open-Sora 1.2: rectified flow, the video autoencoder, two seconds. Sizes and lengths: --resolution 480p --aspect-ratio 16:9 --num-frames 4s
_base_ = ["../_sample.py"]
num_frames = 51
resolution = "240p"
aspect_ratio = "9:16"  # height:width
frame_interval = 1
save_fps = 24
index_digits = 4
aes = 6.5
model = dict(
    type="STDiT3-XL/2",
    from_pretrained="hpcai-tech/OpenSora-STDiT-v3",
    qk_norm=True,
    enable_flash_attn=True,        # where flash-attn is installed; else PyTorch's own attention
    enable_layernorm_kernel=True,  # where apex is installed; else PyTorch's own norm
)
vae = dict(_delete_=True, type="OpenSoraVAE_V1_2", from_pretrained="hpcai-tech/OpenSora-VAE-v1.2", micro_frame_size=17, micro_batch_size=4)
text_encoder = dict(model_max_length=300)
scheduler = dict(_delete_=True, type="rflow", use_timestep_transform=True, num_sampling_steps=30, cfg_scale=7.0)
