"""Incidents and drills: what was opened, what was called out, what came of it."""

from django.urls import path

from qingshan.web.views import incidents

urlpatterns = [
    path("", incidents.index, name="incidents"),
    path("open/", incidents.begin, name="incident-open"),
    path("<int:incident>/", incidents.show, name="incident"),
    path("<int:incident>/record.docx", incidents.paper, name="incident.docx"),
    path("<int:incident>/call/", incidents.call, name="incident-call"),
    path("<int:incident>/calls/<int:number>/", incidents.step, name="incident-step"),
    path("<int:incident>/note/", incidents.note, name="incident-note"),
    path("<int:incident>/close/", incidents.close, name="incident-close"),
]
