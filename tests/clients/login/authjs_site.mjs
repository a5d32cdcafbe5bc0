// Auth.js: its own sign-in page, its credentials provider. Usage: authjs_site.mjs PORT, from the folder of its packages.
import { ExpressAuth, getSession } from '@auth/express';
import Credentials from '@auth/express/providers/credentials';
import express from 'express';

const config = {
  secret: Math.random().toString(36).repeat(4), trustHost: true,
  providers: [Credentials({
    credentials: { username: { label: 'User name' }, password: { label: 'Password', type: 'password' } },
    authorize: async ({ username, password }) =>
      username === process.env.SMOKE_USER && password === process.env.SMOKE_PASSWORD ? { name: username } : null,
  })],
};
const app = express();
app.use('/auth/*', ExpressAuth(config));
app.get('/home', async (request, response) => {
  const session = await getSession(request, config);
  if (!session?.user) return response.redirect('/auth/signin');
  response.send('Signed in. Sign out');
});
app.get('/', (request, response) => response.send('welcome'));
app.listen(Number(process.argv[2]), '127.0.0.1');
