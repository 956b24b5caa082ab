# A longer budget for the flow: go on from a first run as tiny_more does.
# osnb-train tiny_flow_more --ckpt-path outputs/000-STDiT2/epoch11-global_step4500/ema
_base_ = ["tiny_more.py"]
model = dict(from_pretrained="shipped:tiny/stdit2_flow")
scheduler = dict(_delete_=True, type="rflow", sample_method="logit-normal", loc=1.2, scale=1.4, cfg_scale=2.0)
