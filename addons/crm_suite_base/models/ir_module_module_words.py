from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import ReadonlyDict, file_open, file_path
from odoo.tools.translate import (
    TranslationImporter,
    code_translations,
    get_po_paths,
    translation_file_reader,
)

from ..tools import glossary

# where the texts of code are, as references of translations say it
CODE = "code:"


class IrModuleModule(models.Model):
    """Terms of Odoo's modules in the words of this field (ADR 0053)."""

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Put our words over Odoo's where either came anew; what a company has written
        itself stays."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        for lang in langs:
            words = self._words_to_load(set(modules), lang)
            if words:
                OurWords(self.env, lang, words).save()
            self._share_choices(lang)
        return result

    def _share_choices(self, lang: str) -> None:
        """Give choices of a field that a model inherits the words they have where the
        field comes from: Odoo leaves them in English (the state of an activity on
        leads)."""
        self.env.cr.execute(
            """
            UPDATE ir_model_fields_selection choice
               SET name = choice.name || jsonb_build_object(%(lang)s, known.word)
              FROM ir_model_fields field,
                   (SELECT DISTINCT ON (other.name, same.value, same.name->>'en_US')
                           other.name AS field, same.value, same.name->>'en_US' AS term,
                           same.name->>%(lang)s AS word
                      FROM ir_model_fields_selection same
                      JOIN ir_model_fields other ON other.id = same.field_id
                     WHERE same.name->>%(lang)s IS NOT NULL
                     ORDER BY other.name, same.value, term, same.id) known
             WHERE field.id = choice.field_id
               AND choice.name->>%(lang)s IS NULL
               AND known.field = field.name
               AND known.value = choice.value
               AND known.term = choice.name->>'en_US'
            """,
            {"lang": lang},
        )
        if self.env.cr.rowcount:
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _words_to_load(self, modules: set[str], lang: str) -> glossary.Glossary:
        """Return the words that modules bring, and those others have for them."""
        installed = self.search([("state", "=", "installed")]).mapped("name")
        brought, known = [], []
        for name in sorted({*installed, *modules}):
            file = _words_of(name, lang)
            (brought if name in modules else known).append(file)
        old = glossary.united(known)
        return glossary.united([*brought, {m: old[m] for m in modules & old.keys()}])

    def _register_hook(self):
        """Put our words over Odoo's in what Python code says.

        These are kept for a whole process, and so for all its databases: words are
        only ever better ones.
        """
        super()._register_hook()
        for lang in self._words_languages():
            for module, terms in self._every_word(lang).items():
                theirs = code_translations.get_python_translations(module, lang)
                ours = {term: glossary.word_for(terms, term, CODE) for term in terms}
                ours = {term: word for term, word in ours.items() if word}
                code_translations.python_translations[module, lang] = ReadonlyDict(
                    {**theirs, **ours}
                )

    def _words_languages(self) -> list[str]:
        """Return the installed languages but English, which needs no other words."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        return [code for code in codes if code != "en_US"]

    @api.model
    def _every_word(self, lang: str) -> glossary.Glossary:
        """Return the words of all installed modules for a language."""
        # sudo: which modules there are, for the files they ship to everybody
        installed = self.sudo().search([("state", "=", "installed")]).mapped("name")
        return glossary.united(_words_of(name, lang) for name in sorted(installed))


def _words_of(module: str, lang: str) -> glossary.Glossary:
    """Return the words a module ships for a language, none when it has no file."""
    try:
        path = file_path(f"{module}/words/{lang}.po")
    except (FileNotFoundError, ValueError):
        return {}
    with file_open(path) as file:
        return glossary.read(file.read())


class OurWords(TranslationImporter):
    """Odoo's terms with our words for them, on the way into the database.

    A term is left alone when neither Odoo nor we have written what stands there: then
    it is the company's own.
    """

    def __init__(self, env, lang: str, words: glossary.Glossary):
        """Read Odoo's files of the modules the words are for."""
        super().__init__(env.cr, verbose=False)
        self.lang = lang
        # by (model, field, external id, term): Odoo's word and ours
        self.odoos: dict[tuple[str, str, str, str], str] = {}
        self.ours: dict[tuple[str, str, str, str], str] = {}
        # by (model, field, external id): the term, of fields that are one term
        self.terms: dict[tuple[str, str, str], str] = {}
        for module, terms in words.items():
            for path in get_po_paths(module, lang):
                with file_open(path, mode="rb") as file:
                    self._load(self._rows(file, terms), lang)

    def _rows(self, file, terms):
        """Yield the rows of a file of Odoo that we have a word for, with that word."""
        for row in translation_file_reader(file, fileformat="po"):
            if row["type"] == "code":
                continue
            xml_id = f"{row['module']}.{row['imd_name']}"
            place = f"{row['type']}:{row['name']}:{xml_id}"
            word = glossary.word_for(terms, row["src"], place)
            if word:
                key = (*row["name"].split(","), xml_id, row["src"])
                self.odoos[key], self.ours[key] = row["value"], word
                self.terms[key[:3]] = row["src"]
                yield {**row, "value": word}

    def save(self, overwrite=True, force_overwrite=True):
        """Write what is not the company's own; Odoo's records count as the company's
        only where somebody has written in them."""
        for model, columns in self.model_translations.items():
            for field, names in columns.items():
                for xml_id, value in self._stored(model, field, names).items():
                    if self._is_theirs((model, field, xml_id), value.get(self.lang)):
                        del names[xml_id]
        for model, columns in self.model_terms_translations.items():
            for field, records in columns.items():
                for xml_id, value in self._stored(model, field, records).items():
                    self._keep_own_terms(model, field, xml_id, value, records[xml_id])
        return super().save(overwrite=overwrite, force_overwrite=force_overwrite)

    def _stored(self, model: str, field: str, xml_ids) -> dict[str, dict]:
        """Return what stands in a field, in all languages, by external id."""
        query = SQL(
            """SELECT data.module || '.' || data.name, record.%(field)s
                 FROM %(table)s record
                 JOIN ir_model_data data
                   ON data.model = %(model)s AND data.res_id = record.id
                WHERE data.module || '.' || data.name = ANY(%(xml_ids)s)
                  AND data.module = ANY(%(modules)s)
                  AND record.%(field)s IS NOT NULL""",
            field=SQL.identifier(field),
            table=SQL.identifier(self.env[model]._table),
            model=model,
            xml_ids=list(xml_ids),
            modules=list({xml_id.split(".")[0] for xml_id in xml_ids}),
        )
        return dict(self.env.execute_query(query))

    def _keep_own_terms(self, model, field, xml_id, value, terms):
        """Leave out the terms of one text that the company has put in its words."""
        known = (
            self.env[model]
            ._fields[field]
            .get_translation_dictionary(
                value["en_US"], {self.lang: value.get(self.lang, value["en_US"])}
            )
        )
        for term in list(terms):
            present = known.get(term, {}).get(self.lang)
            if self._is_theirs((model, field, xml_id), present, term):
                del terms[term]

    def _is_theirs(self, place: tuple, present: str | None, term: str = "") -> bool:
        """Tell whether neither Odoo nor we have written what stands at a place."""
        term = term or self.terms[place]
        key = (*place, term)
        fresh = (None, "", term, self.odoos[key], self.ours[key])
        return present not in fresh
