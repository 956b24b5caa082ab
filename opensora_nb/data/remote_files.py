#@cell imports
import io, os, time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import groupby
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from uuid import uuid4
from ..files import is_url, note, user_path
#@cell limits
@dataclass
class RemoteLimits:
    "How files that are not local are fetched, by this process and those that it starts."
    attempts:int=4      # of one request
    seconds:float=60.   # for each attempt
    pause:float=.5      # seconds before the second attempt; twice as long before each further one
    cache:str=field(default_factory=lambda: os.environ.get('OSNB_MEDIA_CACHE', '~/.cache/opensora_nb/media')) # folder
    cache_gb:float=field(default_factory=lambda: float(os.environ.get('OSNB_MEDIA_CACHE_GB', 20))) # 10^9 bytes; 0: keep none

@dataclass
class Traffic:
    "What this process has fetched."
    fetched:int=0  # bytes
    requests:int=0 # that were answered
    retries:int=0  # that failed and were sent again

REMOTE, TRAFFIC = RemoteLimits(), Traffic()
#@cell request
def file_system(
    url:str, # or a local path
)->tuple[object,str]: # fsspec's file system; the path in it
    "Where a URL leads."
    import fsspec
    try: return fsspec.url_to_fs(url)
    except ImportError as e:
        raise ImportError(f"{url} needs a package ({e}): pip install 'opensora_nb[cloud]' for s3, gs and https") from e
    except ValueError as e: raise ValueError(f"{url} leads nowhere: {e}") from e

def _final(e:Exception)->type[OSError]|None: # None: another attempt may succeed
    "The kind of an error that is an answer; every file system has errors of its own, most with a status of HTTP."
    if isinstance(e, FileNotFoundError) and e.__cause__: e = e.__cause__ # fsspec says so of whatever HEAD answers
    status = getattr(e, 'status', None) or getattr(getattr(e, 'response', None), 'status_code', None)
    if isinstance(e, FileNotFoundError) or status in (404, 410): return FileNotFoundError
    if isinstance(e, PermissionError) or status in (401, 403): return PermissionError
    return OSError if isinstance(status, int) and 400 <= status < 500 and status not in (408, 429) else None

def request(
    method:Callable, # of a file system
    url:str,         # for messages
    *args:object,    # of the method
    fault:Callable=lambda answer: '', # what is wrong with an answer; '' if nothing is
)->object:           # the answer
    "Ask a file system, several times if it fails."
    limit = dict(timeout=REMOTE.seconds) if method.__self__.async_impl else {} # others have limits of their own
    for attempt in range(1, REMOTE.attempts+1):
        try:
            answer = method(*args, **limit)
            if wrong := fault(answer): raise OSError(wrong)
            TRAFFIC.requests += 1
            return answer
        except Exception as e: # of the client of this file system
            why = ': '.join(filter(None, (type(e).__name__, ' '.join(str(e.__cause__ or e).split())[:200])))
            if kind := _final(e): raise kind(f"{url} cannot be had ({why})") from e
            if attempt == REMOTE.attempts: raise OSError(f"{url} failed {attempt} times, at last with {why}") from e
            TRAFFIC.retries += 1
            note(f"{url}: {why}; attempt {attempt+1} of {REMOTE.attempts} follows")
            time.sleep(REMOTE.pause*2**(attempt-1))
#@cell cache
BLOCK = 2**17 # bytes that are fetched and kept together

class BlockCache:
    "Blocks of files in a folder, which processes share; those that were not used for longest leave first."
    def __init__(self,
        folder:str|Path, # made when the first block is kept
        max_bytes:int,   # 0: keep none
    ): self.folder, self.max_bytes, self.written = user_path(folder), max_bytes, max_bytes # look at once what is there
    def _file(self, version:str, i:int)->Path: return self.folder/version[:2]/f'{version}-{i}'
    def get(self, version:str, i:int)->bytes|None: # version: of the file; i: number of the block; None: not there
        "A block."
        if not self.max_bytes: return None
        file = self._file(version, i)
        try: data = file.read_bytes(); os.utime(file)
        except OSError: return None # another process may have removed it
        return data
    def put(self, version:str, i:int, data:bytes):
        "Keep a block."
        if not self.max_bytes: return
        file = self._file(version, i); tmp = file.with_name(f'.{uuid4().hex}')
        try: file.parent.mkdir(parents=True, exist_ok=True); tmp.write_bytes(data); os.replace(tmp, file)
        except OSError as e: note(f"media are not kept in {self.folder}: {e.strerror or e}"); self.max_bytes = 0; return
        self.written += len(data)
        if self.written > self.max_bytes/32: self.trim(); self.written = 0
    def trim(self):
        "Remove what was not used for longest, until a share is free that processes may fill before they look again."
        found = []
        for o in self.folder.glob('??/*'):
            with suppress(OSError): s = o.stat(); found.append((s.st_mtime_ns, s.st_size, o))
        over = sum(size for _,size,_ in found)-self.max_bytes*3//4
        for _,size,o in sorted(found):
            if over <= 0: break
            o.unlink(missing_ok=True); over -= size

@lru_cache(1)
def _cache(folder:str, gb:float)->BlockCache: return BlockCache(folder, int(gb*1e9))
#@cell reader
HELD = 256 # blocks of one open file in memory, 32 MiB

class RangeReader(io.RawIOBase):
    "A file, or a part of it, of which only what is read is fetched."
    def __init__(self,
        file:'RemoteFile',
        keep_errors:bool=False, # end the file where reading fails, with the reason in `error`, as FFmpeg needs it
        ahead:int=1,            # blocks that are fetched together
    ):
        self.fs, self.path = file_system(file.url); self.url, self.keep_errors, self.ahead = file.url, keep_errors, ahead
        self.start, self.length, self.total, self.version = file.offset, file.length, file.info['size'], file.version
        self.at, self.error, self.held, self.holes = 0, None, {}, []
        self.local = 'file' in self.fs.protocol # what is on disk need not be kept there once more
    def readable(self)->bool: return True
    def seekable(self)->bool: return True
    def tell(self)->int: return self.at
    def seek(self, offset:int, whence:int=0)->int:
        self.at = max(0, (0, self.at, self.length)[whence]+offset)
        return self.at
    def readinto(self, buffer)->int:
        data = self.read(len(buffer)); buffer[:len(data)] = data
        return len(data)
    def read(self, n:int=-1)->bytes:
        "The next bytes; zeros where they lie in `holes`."
        start = self.at; end = self.length if n < 0 else min(self.length, start+n)
        if end <= start or self.error: return b''
        hole = next((h for h in self.holes if h[0] <= start < h[1]), None)
        limit = hole[1] if hole else min((h[0] for h in self.holes if h[0] > start), default=end)
        end = min(end, limit)
        try: data = bytes(end-start) if hole else self._bytes(self.start+start, self.start+end)
        except OSError as e:
            if not self.keep_errors: raise
            self.error = e; return b''
        self.at = end
        return data if n >= 0 or end == self.length else data+self.read()
    def prefetch(self, start:int, end:int): # of the part
        "Fetch a stretch in one request."
        try: self._need(self.start+start, min(self.start+min(end, self.length), self.start+start+BLOCK*(HELD-2)))
        except OSError as e: self.error = e
    def _need(self, start:int, end:int)->range: # numbers of the blocks, which are held then
        "Blocks of a stretch of the file."
        needed = range(start//BLOCK, -(-end//BLOCK))
        cache = _cache(REMOTE.cache, 0 if self.local else REMOTE.cache_gb)
        last = max(needed.stop, needed.start+self.ahead)
        missing = [i for i in range(needed.start, min(last, -(-self.total//BLOCK))) if i not in self.held]
        kept = {i: data for i in missing if (data := cache.get(self.version, i)) is not None}
        self.held |= kept
        for _,run in groupby(enumerate(i for i in missing if i not in kept), lambda o: o[1]-o[0]):
            run = [i for _,i in run]; a, b = run[0]*BLOCK, min(self.total, (run[-1]+1)*BLOCK)
            data = self._fetch(a, b)
            for i in run:
                self.held[i] = data[i*BLOCK-a:(i+1)*BLOCK-a]; cache.put(self.version, i, self.held[i])
        for i in list(self.held)[:max(0, len(self.held)-HELD)]:
            if i not in needed: del self.held[i]
        return needed
    def _fetch(self, a:int, b:int)->bytes:
        "One request for a stretch of the file; a server without ranges sends all of it."
        whole = lambda data: len(data) == self.total
        data = request(self.fs.cat_file, self.url, self.path, a, b,
            fault=lambda data: '' if len(data) == b-a or whole(data) else f'{len(data)} bytes came, {b-a} were asked for')
        if not self.local: TRAFFIC.fetched += len(data)
        return data if len(data) == b-a else data[a:b]
    def _bytes(self, start:int, end:int)->bytes:
        blocks = self._need(start, end)
        data = b''.join(self.held[i] for i in blocks)
        return data[start-blocks.start*BLOCK:end-blocks.start*BLOCK]
#@cell remote
@dataclass(frozen=True)
class RemoteFile:
    "A file behind a URL, or a part of a file such as a member of a tar archive, with what `Path` offers of it."
    url:str            # s3://, gs://, hf://, https://, memory://, …; of a part, a local path too
    part:str=''        # its name, if it is a part
    offset:int=0       # bytes of the file before the part
    size:int|None=None # bytes of the part; None: to the end of the file

    def __str__(self)->str: return f'{self.url}: {self.part}' if self.part else self.url
    @property
    def _path(self)->PurePosixPath:
        http = self.url.lower().startswith(('http://', 'https://')) # the name of others may hold a question mark
        return PurePosixPath(self.part or (urlsplit(self.url).path if http else self.url.split('://')[-1]))
    name = property(lambda self: self._path.name)
    stem = property(lambda self: self._path.stem)
    suffix = property(lambda self: self._path.suffix)
    def beside(self, name:str)->'RemoteFile': # name: may begin with folders
        "A file that is named relative to the folder of this one."
        return RemoteFile(f"{self.url.partition('?')[0].rpartition('/')[0]}/{name}")
    @cached_property
    def info(self)->dict: # 'size' and what else the file system tells
        "What is known of the file without its content."
        fs, path = file_system(self.url)
        return request(fs.info, self.url, path,
            fault=lambda info: '' if info.get('size') is not None or info['type'] != 'file' else 'its size is not told')
    @property
    def length(self)->int: # bytes
        "How long the file or its part is."
        return self.info['size']-self.offset if self.size is None else self.size
    @property
    def version(self)->str: # 32 hexadecimal digits
        "Changes when the file does: of its address, its size, and its time or tag as the file system tells it."
        marks = ('size','etag','last-modified','lastmodified','mtime','modified','updated','generation','blob_id','md5hash')
        told = sorted((k, str(v)) for k,v in self.info.items() if k.lower() in marks)
        return blake2b(repr((self.url, told)).encode(), digest_size=16).hexdigest()
    def is_file(self)->bool:
        "Whether it is there; other failures than that are errors."
        try: return self.info['type'] == 'file'
        except FileNotFoundError: return False
    def open(self, **options)->RangeReader: # options: of the reader
        "For reading; a part that goes beyond the end of its file is an error."
        if self.offset+self.length > self.info['size']:
            raise ValueError(f"{self} ends at byte {self.offset+self.length} of {self.info['size']}; make the index again")
        return RangeReader(self, **options)
    def read_bytes(self)->bytes:
        "All of it, in few requests."
        with self.open(ahead=64) as f: return f.read()

def media_file(
    path:'str|Path|RemoteFile', # as a table or a run names it
)->'Path|RemoteFile':
    "A file wherever it is: a URL is read through fsspec, all else is a local path."
    if isinstance(path, RemoteFile): return path
    return RemoteFile(str(path)) if is_url(str(path)) else user_path(path)
