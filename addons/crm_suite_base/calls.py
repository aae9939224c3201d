"""Methods that outside clients call."""

import functools
import inspect

from odoo.exceptions import UserError

from .tools.shapes import fits


def shaped(method):
    """Decorator: refuse arguments that have not the shape of their annotation, with a
    sentence instead of a traceback. Stands next to the method, below ``@api.model``.
    """
    # also of a file whose annotations are texts
    signature = inspect.signature(method, eval_str=True)

    @functools.wraps(method)
    def checked(self, *args, **kwargs):
        try:
            given = signature.bind(self, *args, **kwargs).arguments
        except TypeError:
            # Python says which argument is missing or too many
            return method(self, *args, **kwargs)
        for name, value in given.items():
            wanted = signature.parameters[name].annotation
            if wanted is not inspect.Parameter.empty and not fits(value, wanted):
                raise UserError(
                    self.env._(
                        "The value of “%(name)s” is not of the kind that this call "
                        "takes.",
                        name=name,
                    )
                )
        return method(self, *args, **kwargs)

    return checked
