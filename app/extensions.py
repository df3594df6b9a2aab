"""The extensions, not yet bound to an application; startup binds them."""

from flask_login import LoginManager
from flask_mail import Mail
from flask_moment import Moment
from flask_pagedown import PageDown
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from .database import Base, RoutingSession, Sessions

db = SQLAlchemy(model_class=Base, session_options={"class_": RoutingSession})
db.session = Sessions(db.session.session_factory, db.session.registry.scopefunc)
login_manager = LoginManager()
csrf = CSRFProtect()
mail = Mail()
moment = Moment()
pagedown = PageDown()
