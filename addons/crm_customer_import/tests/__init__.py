from . import test_import_flow
