# Latte, clips of the 101 classes of UCF101; a prompt is the number of a class.
_base_ = ["../_sample.py"]
num_frames = 16
image_size = (256, 256)
model = dict(type="Latte-XL/2", from_pretrained="Latte-XL-2-256x256-ucf101.pt", condition="label_101")
text_encoder = dict(_delete_=True, type="classes", num_classes=101)
scheduler = dict(cfg_scale=4.0)
prompt = ["7", "13", "24", "48"]
