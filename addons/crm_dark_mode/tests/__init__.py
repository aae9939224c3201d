from . import test_color_scheme
from . import test_color_scheme_screen
from . import test_palette_logic
