"""Flask-Security-Too (Flask-Login, Flask-WTF and CSRF protection inside) with its own form. Usage: … PORT DIR"""
import os
import sys

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, auth_required, hash_password
from flask_security.models import fsqla_v3 as models
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

port, folder = sys.argv[1], sys.argv[2]
app = Flask(__name__)
app.config.update(SECRET_KEY=os.urandom(16).hex(), SECURITY_PASSWORD_SALT="1", SECURITY_PASSWORD_HASH="pbkdf2_sha512",
                  SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/flask{port}.db", SECURITY_USERNAME_ENABLE=False,
                  SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False})
db = SQLAlchemy(app)
models.FsModels.set_db_info(db)


class Role(db.Model, models.FsRoleMixin):
    pass


class User(db.Model, models.FsUserMixin):
    pass


CSRFProtect(app)
security = Security(app, SQLAlchemyUserDatastore(db, User, Role))
with app.app_context():
    db.create_all()
    security.datastore.create_user(email="smoke@example.com", password=hash_password(os.environ["SMOKE_PASSWORD"]))
    db.session.commit()


@app.get("/home")
@auth_required()
def home():
    return "Signed in. Sign out"


@app.get("/")
def index():
    return "welcome"


app.run("127.0.0.1", int(port))
