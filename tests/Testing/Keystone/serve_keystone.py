# A real Keystone in one process, for tests: its schema, keys, roles and first user in a folder of its own, served on the
# loopback address. One program, for Keystone's imports take longer than all that it does here. The password comes in the
# environment. It says "ready" when it answers, takes orders on its input, and ends with it.
import os
import shutil
import socketserver
import sqlite3
import sys
import threading
import wsgiref.simple_server

folder, port = sys.argv[1], int(sys.argv[2])
url = f'http://127.0.0.1:{port}/v3'
os.umask(0o077)
for keys in ('fernet', 'credential'):
    os.makedirs(os.path.join(folder, keys))
configuration = os.path.join(folder, 'keystone.conf')
with open(configuration, 'w') as file:
    file.write(f'''[DEFAULT]
use_stderr = false
log_dir = {folder}
log_file = keystone.log
[database]
connection = sqlite:///{folder}/keystone.db
[token]
provider = fernet
expiration = 3600
[fernet_tokens]
key_repository = {folder}/fernet/
[credential]
key_repository = {folder}/credential/
[identity]
password_hash_rounds = 4
[cache]
enabled = false
''')

os.environ['OS_KEYSTONE_CONFIG_FILES'] = configuration
from keystone.cmd import cli  # noqa: E402
from keystone.conf import CONF  # noqa: E402
from keystone.server.wsgi import initialize_public_application  # noqa: E402


def manage(*arguments):
    """As keystone-manage; in a process of its own, since Keystone's parts are made once a process."""
    child = os.fork()
    if child == 0:
        sys.argv = ['keystone-manage', '--config-file', configuration, *arguments]
        try:
            cli.main(argv=sys.argv)
            os._exit(0)
        except BaseException as failed:
            print(failed, file=sys.stderr, flush=True)
            os._exit(1)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f'keystone-manage {arguments[0]} failed')


owner = ('--keystone-user', 'root', '--keystone-group', 'root') if os.getuid() == 0 else ()
manage('db_sync')
# Keystone reads in one session while it writes in another.
sqlite3.connect(os.path.join(folder, 'keystone.db')).execute('pragma journal_mode=wal')
manage('fernet_setup', *owner)
manage('credential_setup', *owner)
manage('bootstrap', '--bootstrap-username', 'admin', '--bootstrap-password', os.environ['KEYSTONE_PASSWORD'],
       '--bootstrap-project-name', 'service', '--bootstrap-role-name', 'admin', '--bootstrap-public-url', url)
sys.argv = ['keystone']
application = initialize_public_application()


class Silent(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


def obey():
    """"expiration N": tokens that are made from now on live N seconds. At the end of the input everything goes."""
    for line in sys.stdin:
        word, seconds = line.split()
        CONF.set_override(word, int(seconds), group='token')
        print('done', flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    """A thread a connection: one that a client opens ahead of its request shall keep nobody waiting."""
    daemon_threads = True
    request_queue_size = 64


server = wsgiref.simple_server.make_server('127.0.0.1', port, application, server_class=Server, handler_class=Silent)
threading.Thread(target=obey, daemon=True).start()
print('ready', flush=True)
server.serve_forever()
