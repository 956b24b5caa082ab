# DiT, images of the 1,000 classes of ImageNet; a prompt is the number of a class.
_base_ = ["../_sample.py"]
num_frames = 1
image_size = (256, 256)
model = dict(type="DiT-XL/2", from_pretrained="DiT-XL-2-256x256.pt", condition="label_1000", no_temporal_pos_emb=True)
text_encoder = dict(_delete_=True, type="classes", num_classes=1000)
scheduler = dict(_delete_=True, type="dpm-solver", num_sampling_steps=20, cfg_scale=4.0)
prompt = ["207", "360", "387", "974"]  # golden retriever, otter, red panda, geyser
