import sys; sys.path.insert(0,"/work/lanes/tools/runs"); sys.path.insert(0,"/work/lanes")
import torch, acgan_training
from pathlib import Path
from ppgn_lib.networks import zoo
from trials import photographs
from ppgn_lib import metrics, apart
def power(x):
    g=x.mean(1); g=g-g.mean((1,2),keepdim=True); f=torch.fft.fft2(g).abs()**2; tot=f.sum((1,2))
    return [round(1e3*float((f[:,a,b]/tot).mean()),3) for a,b in ((16,16),(16,0),(0,16))]
with apart.tuning():
    judge, near = photographs(); real=metrics.judgement(judge, near.x)
    for pat in sys.argv[1:]:
        for p in sorted(Path("/work/main/runs").glob(pat), key=lambda p: (p.parent, int(p.stem.split("_")[1]))):
            g=zoo.load_file(p).float().eval(); y=torch.arange(10).repeat_interleave(50)
            z=torch.randn(500,100,generator=torch.Generator().manual_seed(1)); x=acgan_training.drawn(g,z,y); s=metrics.judgement(judge,x)
            print(p.parent.name,p.stem,power(x),round(metrics.accuracy(s.logits,y).value,3),round(metrics.kernel_distance_by_class(s.features,y,real.features,near.y).value,2),flush=True)
