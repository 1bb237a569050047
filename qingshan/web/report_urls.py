from django.urls import path

from qingshan.web.views import reports

ONE = "reports/<slug:kind>/<slug:period>/<slug:body>/"
urlpatterns = [
    path("reports/", reports.index, name="reports"),
    path("reports.xlsx", reports.export, name="reports.xlsx"),
    path("reports/open/", reports.open_due, name="reports-open"),
    path("reports/<slug:kind>/<slug:period>/close/", reports.close, name="reports-close"),
    path(ONE, reports.show, name="report"),
    path(f"{ONE}save/", reports.save, name="report-save"),
    path(f"{ONE}lines/<int:pk>/", reports.line, name="report-line"),
    path(f"{ONE}lines/<int:pk>/files/", reports.attach, name="report-attach"),
    path(f"{ONE}files/<int:file>/", reports.evidence, name="report-file"),
    path(f"{ONE}files/<int:file>/remove/", reports.detach, name="report-detach"),
    path(f"{ONE}report.xlsx", reports.download, name="report.xlsx"),
    path(f"{ONE}upload/", reports.upload, name="report-upload"),
    path(f"{ONE}decide/", reports.decide, name="report-decide"),
    path(f"{ONE}reopen/", reports.reopen, name="report-reopen"),
]
