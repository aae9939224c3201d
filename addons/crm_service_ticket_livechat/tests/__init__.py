from . import test_chatbot_ticket
