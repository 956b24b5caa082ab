# Open-Sora 1.1, first stage: small sizes, all lengths. The Guide gives the buckets of stage 2; these are ours.
_base_ = ["../../_train.py"]
model = dict(type="STDiT2-XL/2", from_pretrained=None, input_sq_size=512, qk_norm=True, enable_flash_attn=True, enable_layernorm_kernel=True)
bucket_config = {
    "144p": {1: (0.5, 48), 16: (1.0, 6), 32: (1.0, 3), 96: (1.0, 1)},
    "256": {1: (0.5, 24), 16: (0.5, 3), 48: (0.5, 1), 64: (0.0, None)},
    "240p": {16: (0.3, 2), 32: (0.3, 1), 64: (0.0, None)},
    "512": {1: (0.4, 12)},
    "1024": {1: (0.3, 3)},
}
mask_ratios = {
    "identity": 0.75,
    "quarter_random": 0.025, "quarter_head": 0.025, "quarter_tail": 0.025, "quarter_head_tail": 0.05,
    "image_random": 0.025, "image_head": 0.025, "image_tail": 0.025, "image_head_tail": 0.05,
}
