"""Builders for tests of articles, to stand beside another ``…Common``."""

ARTICLE = "crm.service.article"
TEXT = "<p>Hold SET while switching on, for five seconds.</p>"


class ArticleBuilders:
    @classmethod
    def make_article(cls, name="Transmitter locked", state="published", **values):
        """An article of the company; ``author`` is whoever writes it."""
        author = values.pop("author", None) or cls.env.user
        return cls.env[ARTICLE].create(
            {
                "name": name,
                "body": TEXT,
                "team_id": False,
                "author_id": author.id,
                "state": state,
                **values,
            }
        )

    @classmethod
    def only_articles(cls, *articles):
        """Take away what demo data and others brought."""
        kept = [article.id for article in articles]
        cls.env[ARTICLE].search([("id", "not in", kept)]).unlink()

    @classmethod
    def figures(cls, article):
        """(readers, helped, not helped, tickets avoided)."""
        cls.env.invalidate_all()
        return (
            article.reader_count,
            article.helped_count,
            article.not_helped_count,
            article.avoided_count,
        )
