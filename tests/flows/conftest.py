"""What the flows share."""

import os
import shutil
from contextlib import closing

import psycopg2
import pytest
from killed_server import Server

from odoo.tools import config


@pytest.fixture
def server(tmp_path):
    template = os.environ["CRM_SUITE_TEMPLATE"]
    database = f"{os.environ['CRM_SUITE_DATABASE']}_kill"
    with closing(psycopg2.connect(dbname="postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
    running = Server(database, tmp_path / "odoo.log")
    try:
        yield running
    finally:
        running.kill()
        with closing(psycopg2.connect(dbname="postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(config.filestore(database), ignore_errors=True)
