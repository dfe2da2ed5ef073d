'use strict';

// Behind the # of the address, where no server and no proxy sees it.
const token = location.hash.slice(1);
const message = document.getElementById('message');

function say(text, bad = false) {
  message.textContent = text;
  message.classList.toggle('bad', bad);
}

/** @returns what the server says; throws what it says against it */
async function call(path, body) {
  const request = body === undefined ? {} : {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)};
  let answer;
  try {
    answer = await fetch('api/v1/auth/' + path, request);
  } catch {
    throw new Error('The server cannot be reached. Try again.');
  }
  const text = await answer.text();
  const content = text ? JSON.parse(text) : {};
  if (!answer.ok) {
    throw new Error(content.detail ?? `The server answered ${answer.status}.`);
  }
  return content;
}

/** @param send is given what was entered, without what was left empty, and returns what to say at the end */
function offer(form, send) {
  const {again, password} = form.elements;
  form.hidden = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (again && again.value !== password.value) {
      say('The two passwords differ.', true);
      return;
    }
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      const entered = [...new FormData(form)].filter(([name, value]) => name !== 'again' && value !== '');
      say(await send(Object.fromEntries(entered)));
      form.hidden = true;
      history.replaceState(null, '', location.pathname);
    } catch (refusal) {
      say(refusal.message, true);
      button.disabled = false;
    }
  });
}

async function register(form) {
  if (token) {
    const invitation = await call('invitations/' + encodeURIComponent(token));
    form.elements.mail.value = invitation.mail;
    form.elements.mail.readOnly = true;
    say(`${invitation.invitedBy} invites you to an account.`);
  }
  offer(form, async entered => {
    const keys = entered.sshPublicKeys?.split('\n').map(line => line.trim()).filter(line => line !== '');
    await call('register', {...entered, sshPublicKeys: keys, invitation: token || undefined});
    return token ? `The account ${entered.username} is there. You can log in now.`
      : `An administrator has to approve the account ${entered.username} before you can log in.`;
  });
}

async function reset(ask, redeem) {
  if (!token) {
    offer(ask, async entered => (await call('password-reset', entered)).detail);
    return;
  }
  const path = 'password-reset/' + encodeURIComponent(token);
  redeem.elements.username.value = (await call(path)).username;
  offer(redeem, async entered => {
    await call(path, {password: entered.password});
    return 'The new password is set, and all sessions of the account are ended. You can log in now.';
  });
}

const {ask, redeem, register: registration} = document.forms;
(registration ? register(registration) : reset(ask, redeem)).catch(refusal => say(refusal.message, true));
