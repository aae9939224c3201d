from .ticket_age import TicketAgePanel
