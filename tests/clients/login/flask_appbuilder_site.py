"""Flask-AppBuilder, the login of Superset, with its own form. Usage: fab_site.py PORT DIR"""
import os
import sys

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.utils.legacy import get_sqla_class

port, folder = sys.argv[1], sys.argv[2]
app = Flask(__name__)
app.config.update(SECRET_KEY=os.urandom(16).hex(), SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/fab{port}.db",
                  WTF_CSRF_ENABLED=True)
db = get_sqla_class()(app)
with app.app_context():
    appbuilder = AppBuilder(app, db.session)
    sm = appbuilder.sm
    sm.add_user(os.environ["SMOKE_USER"], "A", "B", "smoke@example.com", sm.find_role("Admin"), os.environ["SMOKE_PASSWORD"])
app.run("127.0.0.1", int(port))
