// AdminJS on Express with its own login page. Usage: adminjs_site.mjs PORT, from the folder of its packages.
import AdminJSExpress from '@adminjs/express';
import AdminJS from 'adminjs';
import express from 'express';

const secret = Math.random().toString(36).repeat(4);
const admin = new AdminJS({ rootPath: '/admin' });
const router = AdminJSExpress.buildAuthenticatedRouter(admin, {
  cookieName: 'adminjs', cookiePassword: secret,
  authenticate: async (email, password) =>
    email === process.env.SMOKE_MAIL && password === process.env.SMOKE_PASSWORD ? { email } : null,
}, null, { secret, resave: false, saveUninitialized: true });
const app = express();
app.use(admin.options.rootPath, router);
app.listen(Number(process.argv[2]), '127.0.0.1');
