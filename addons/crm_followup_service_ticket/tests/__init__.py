from . import test_ask_owner, test_ask_owner_concurrency, test_ask_owner_tour
