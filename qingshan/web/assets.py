"""Which files of the npm packages are served; a package's other files (source maps, other builds) stay at home."""

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SERVED = {
    "vendor/echarts.js": "echarts/dist/echarts.common.min.js",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/leaflet.js.map": "leaflet/dist/leaflet.js.map",
    "vendor/leaflet.css": "leaflet/dist/leaflet.css",
    "vendor/images/layers.png": "leaflet/dist/images/layers.png",
    "vendor/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "vendor/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
}


class Packages(BaseFinder):
    """Finds `SERVED` names in node_modules."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.folder = settings.ROOT / "node_modules"

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False):
        file = self.folder / SERVED.get(path, "")
        if not file.is_file():
            return []
        return [str(file)] if find_all else str(file)

    def list(self, ignore_patterns):
        for served, inside in SERVED.items():
            if (self.folder / inside).is_file():
                yield served, _Renamed(self.folder, inside)


class _Renamed(FileSystemStorage):
    """A storage whose one file is opened whatever it is called."""

    prefix = None

    def __init__(self, folder, inside):
        super().__init__(location=folder)
        self.inside = inside

    def path(self, name):
        return super().path(self.inside)
