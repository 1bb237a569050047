from django.urls import path

from qingshan.web.views import coordination, meetings

urlpatterns = [
    path("", coordination.index, name="coordination"),
    path("matters.xlsx", coordination.sheet, name="matters.xlsx"),
    path("run/", coordination.run, name="coordination-run"),
    path("alerts/<int:number>/", coordination.alert, name="alert"),
    path("alerts/<int:number>/acknowledge/", coordination.acknowledge, name="alert-acknowledge"),
    path("alerts/<int:number>/settle/", coordination.settle, name="alert-settle"),
    path("assignments/", coordination.assignments, name="assignments"),
    path("assignments/<int:number>/", coordination.assignment, name="assignment"),
    path("assignments/<int:number>/handle/", coordination.handle, name="assignment-handle"),
    path("assignments/<int:number>/proof/<int:handling>/", coordination.proof, name="assignment-proof"),
    path("meetings/new/", meetings.new, name="meeting-new"),
    path("meetings/<int:meeting>/", meetings.show, name="meeting"),
    path("meetings/<int:meeting>/add/", meetings.add, name="meeting-add"),
    path("meetings/<int:meeting>/edit/", meetings.edit, name="meeting-edit"),
    path("meetings/<int:meeting>/sign/", meetings.sign, name="meeting-sign"),
    path("meetings/<int:meeting>/items/<int:item>/", meetings.propose, name="meeting-propose"),
    path("meetings/<int:meeting>/items/<int:item>/move/", meetings.move, name="meeting-move"),
    path("meetings/<int:meeting>/items/<int:item>/drop/", meetings.drop, name="meeting-drop"),
    path("meetings/<int:meeting>/items/<int:item>/decide/", meetings.decide, name="meeting-decide"),
    path("meetings/<int:meeting>/<slug:kind>.<slug:form>", meetings.paper, name="meeting-paper"),
]
