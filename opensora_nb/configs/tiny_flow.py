# The toy system trained as a flow, fifteen steps a clip: osnb-sample tiny_flow --prompt "a red heart bouncing at night"
_base_ = ["tiny.py"]
model = dict(from_pretrained="shipped:tiny/stdit2_flow")
scheduler = dict(_delete_=True, type="rflow", num_sampling_steps=15, cfg_scale=2.0)
