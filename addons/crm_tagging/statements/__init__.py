"""The statements of the tag engine, built from plain values.

Nothing here has an environment or asks the database: ``tag_spec`` says how a model is
tagged, ``tag_asking`` whom rules match and what is there, ``tag_deciding`` what a
family of rules changes on all records, ``tag_applying`` changes it, ``tag_undoing``
takes it back; ``tag_merging`` is about records that become one. When a statement is
executed, and what is told of it, is the business of ``crm.tag.engine``; what is right
is defined by ``tools.tag_plan.plan``.
"""
