from . import test_bulk_tags_logic
from . import test_tag_expression_logic
from . import test_segment
from . import test_segment_access
from . import test_tag_bulk
from . import test_tag_panel
