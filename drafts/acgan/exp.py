import sys; sys.path.insert(0,"/work/lanes/tools/runs"); sys.path.insert(0,"/work/lanes")
import copy, torch, acgan_training as a, time, json
from pathlib import Path
from torch.nn import functional as F
from ppgn_lib.networks import zoo
from ppgn_lib.training.acgan import Players
from ppgn_lib.training.losses import d_loss, gan_loss
import ppgn_lib.networks.acgan as N
from torch import nn
class Blur(nn.Module):
    def __init__(self,c):
        super().__init__(); k=torch.tensor([1.,2.,1.]); self.register_buffer("k",(k[:,None]*k[None]/16).expand(c,1,3,3).clone()); self.c=c
    def forward(self,x): return F.conv2d(F.pad(x,(1,1,1,1),mode="replicate"),self.k.to(x.dtype),groups=self.c)
UPS={"resize":N._doubled,"blur":lambda b,a:nn.Sequential(nn.ConvTranspose2d(b,a,4,stride=2,padding=1),Blur(a)),
"shuffle":lambda b,a:nn.Sequential(nn.Conv2d(b,4*a,3,padding=1),nn.PixelShuffle(2)),
"bilinear":lambda b,a:nn.Sequential(nn.Upsample(scale_factor=2,mode="bilinear"),nn.Conv2d(b,a,3,padding=1)),
"transposed":lambda b,a:nn.ConvTranspose2d(b,a,4,stride=2,padding=1)}
o=dict(up="resize",form="small",steps=4500,lr=2e-3,d_lr=2e-3,dropout=0.0,pause=0.0,ratio=0.0,fake_class=1.0,class_w=1.0,seed=6,ema=0.999)
name=sys.argv[1]
from trials import photographs
from ppgn_lib import metrics, apart
from ppgn_lib.data.images import mosaic
from PIL import Image
def power(x):
    g=x.mean(1); g=g-g.mean((1,2),keepdim=True); f=torch.fft.fft2(g).abs()**2; tot=f.sum((1,2))
    return [round(1e3*float((f[:,a_,b_]/tot).mean()),3) for a_,b_ in ((16,16),(16,0),(0,16))]
with apart.tuning():
    judge, near = photographs(); real=metrics.judgement(judge, near.x)
    print("photographs",power(near.x))

for kv in sys.argv[2:]:
    k,v=kv.split("="); o[k]=type(o[k])(v)
net=a.Net("x",o["form"],tuple(range(10)),o["lr"],o["d_lr"],o["seed"],(o["steps"],))
torch.manual_seed(o["seed"])
s=a.settings_of(net).changed(dropout=o["dropout"])
class P(Players):
    rest=0; last=(1.,1.); r=1.0
    def step(self,x,y):
        out=super().step(x,y); self.r=out["d"]/out["g"]; return out
    def _step_d(self,x,y,made,asked):
        of_real, of_made = self.d(x), self.d(made)
        source = d_loss(of_real[0], of_made[0], self.settings.real_label)
        real, fake = F.cross_entropy(of_real[1].float(), y), F.cross_entropy(of_made[1].float(), asked)
        P.last=(float(source),P.last[1])
        if (o["pause"] and float(source) < o["pause"]) or (o["ratio"] and self.r < o["ratio"]):
            P.rest+=1
            return {"d":float(source),"d_class":float(real)}
        self.adam_d.zero_grad()
        self.fabric.backward(source + o["class_w"]*(real + o["fake_class"]*fake))
        self.adam_d.step()
        return {"d":float(source),"d_class":float(real)}
N._doubled=UPS[o['up']]
def judge_now(t):
    g=copy.deepcopy(p.average.module).eval(); torch.save(g.state_dict(), out/f"{t}.pt")
    with apart.tuning():
        y=torch.arange(10).repeat_interleave(50); z=torch.randn(500,100,generator=torch.Generator().manual_seed(1))
        x=a.drawn(g,z,y); s_=metrics.judgement(judge,x)
        print("JUDGED",t,power(x),round(metrics.accuracy(s_.logits,y).value,3),round(metrics.kernel_distance_by_class(s_.features,y,real.features,near.y).value,2),flush=True)
        xx=x.unflatten(0,(10,50))[:,:6].transpose(0,1).flatten(0,1)
        Image.fromarray((mosaic(xx,10)*255).round().to(torch.uint8).repeat_interleave(2,0).repeat_interleave(2,1).numpy()).save(f"/tmp/e_{name}_{t}.png")
p=P(s,10,32,a.fabric()); step=a.stepper(net,p)
out=Path("/work/main/runs/acgan_decay")/name; out.mkdir(parents=True,exist_ok=True)
for t in range(o["steps"]):
    l=step(t)
    if (t+1)%250==0: print(t+1,{k:round(v,3) for k,v in l.items()},p.rest,flush=True)
    if t+1 in (1125,1800,2250,3000,4500,6750,o["steps"]): judge_now(t+1)
