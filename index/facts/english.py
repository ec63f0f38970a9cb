"""English words that are also names: taken for a name only with a capital inside a sentence."""

from __future__ import annotations

_WORDS = """
a able about above act after again ago aid air all also am an and any april are arms art as ask at august away back
bail ball ban bank banks bar base bay be bean been before bell best big bill black bless blue bo board bond book
both boy brave bright bring brother brown build burn burns bush but butler by call came can case cash chair chance
chancellor change chase chief child church city clay close coal cold come cook cool corn could council country court
cover cross crown cruz curry cut daily data date daughters day days deal dean did do does done door down draw duke
during each early east easy end english even ever every fair faith fall far farm father few field fine fire firm
first fish five fleet floor food for ford foreign forest four fox frank free friend from front full fund gas gate
gates gave general get gift girl give go gold good grace grant gray great green ground group grow gulf ha had hall
hand hands happy hard has have he head heart help her here hero high hill him his hold home hope host hot hour house
how human hunt i if in into is issue it its jack join joint joy june just justice keep key kind king knight know la
labor lake lamb land lane large last late law le lead leader leave lee left less let level li life light like line
link list little live lo long look lord lot love low ma made main major make man many march mark market marsh mason
may mayor me meet men met mi might mile miles military mill mind mine minister mission moon more most mother mount
move much my na name nation near need new news next ni night no noble none nor north not note now of off office oh
oil old olive on once one only open or order other our out over own page paid pal pan park parks part party pass
past path pay peace people pierce pike place plan play point police poor pope port post power powers president press
price prince public put queen question quick quiet rain ray read real red reed report rest rice rich right ring rise
river road rock role rose round rule run rush safe said saint sale salt same sand save saw say school sea second
secretary see self send set seven share sharp she ship short should shut side sign silver since sing sister site six
sky small smart smith snow so some son song soon south speak speech spring staff stage stand star start state states
stay steel step still stone stop storm story street strong summer sun sure swift ta table take talk talks task tax
team ten term test than that the their them then there these they thing this three through ti tie time to today told
too top total town trade treaty trip true trust turn two un under union united until up upon us use van very view
violet visit voice vote wa wade walk wall walls want war ward warm was water waters way we week weeks well wells
went were west what when where which while white who whole why will win wind wing winter wise wish with woman women
wood woods word words work world worth would ye yes yet yi yo york you young your yu
"""

ENGLISH_NAMES = frozenset(_WORDS.split())
