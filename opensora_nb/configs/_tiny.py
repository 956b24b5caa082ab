# The tiny system: the classes of the released one at toy size. It lives in the world of notebook 04b.
model = dict(
    type="STDiT2",
    from_pretrained="shipped:tiny/stdit2",
    input_sq_size=32, hidden_size=144, depth=4, num_heads=4,
    caption_channels=64, model_max_length=12, qk_norm=True,
)
vae = dict(type="VideoAutoencoderKL", from_pretrained="shipped:tiny/vae")
text_encoder = dict(type="t5", from_pretrained="shipped:tiny/t5", model_max_length=12)
scheduler = dict(type="iddpm", prediction_type="v_prediction")  # learns much faster than epsilon at this size
dtype = "fp32"
seed = 42
