from django.urls import path

from qingshan.web.views import report_answers, report_files, report_review, report_workbooks, reports

ONE = "reports/<slug:kind>/<slug:period>/<slug:body>/"
urlpatterns = [
    path("reports/", reports.index, name="reports"),
    path("reports.xlsx", reports.export, name="reports.xlsx"),
    path("reports/open/", reports.open_due, name="reports-open"),
    path("reports/<slug:kind>/<slug:period>/close/", reports.close, name="reports-close"),
    path(ONE, report_review.show, name="report"),
    path(f"{ONE}save/", report_answers.save, name="report-save"),
    path(f"{ONE}lines/<int:pk>/", report_answers.line, name="report-line"),
    path(f"{ONE}lines/<int:pk>/files/", report_files.attach, name="report-attach"),
    path(f"{ONE}files/<int:file>/", report_files.evidence, name="report-file"),
    path(f"{ONE}files/<int:file>/remove/", report_files.detach, name="report-detach"),
    path(f"{ONE}report.xlsx", report_workbooks.download, name="report.xlsx"),
    path(f"{ONE}upload/", report_workbooks.upload, name="report-upload"),
    path(f"{ONE}decide/", report_review.decide, name="report-decide"),
    path(f"{ONE}reopen/", report_review.reopen, name="report-reopen"),
]
