"""Pages made of several registers at once: what a site allows, what is in reach of it, a river's sheet, what lives there."""

from django.urls import include, path

from qingshan.web.views import biodiversity, emergency, farmland, retention, rivers, zoning

urlpatterns = [
    path("zoning/", zoning.show, name="zoning"),
    path("emergency/", emergency.show, name="emergency"),
    path("emergency/incidents/", include("qingshan.web.incident_urls")),
    path("rivers/", rivers.index, name="rivers"),
    path("rivers/<int:number>/", rivers.show, name="river"),
    path("retention/", retention.show, name="retention"),
    path("biodiversity/", biodiversity.show, name="biodiversity"),
    path("farmland/", farmland.show, name="farmland"),
]
