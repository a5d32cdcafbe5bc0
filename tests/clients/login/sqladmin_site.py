"""SQLAdmin (Starlette) with its own form and session middleware. Usage: … PORT DIR"""
import os
import secrets
import sys

import uvicorn
from sqladmin import Admin
from sqladmin.authentication import AuthenticationBackend
from sqlalchemy import create_engine
from starlette.applications import Starlette


class Auth(AuthenticationBackend):
    async def login(self, request):
        form = await request.form()
        good = form["username"] == os.environ["SMOKE_USER"] and form["password"] == os.environ["SMOKE_PASSWORD"]
        if good:
            request.session["user"] = form["username"]
        return good

    async def logout(self, request):
        request.session.clear()
        return True

    async def authenticate(self, request):
        return "user" in request.session


app = Starlette()
Admin(app, create_engine(f"sqlite:///{sys.argv[2]}/sqladmin.db"), authentication_backend=Auth(secret_key=secrets.token_hex(16)))
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
