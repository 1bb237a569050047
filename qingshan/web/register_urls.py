from django.urls import path

from qingshan.web.views import register_entries, register_sheets, registers

urlpatterns = [
    path("", registers.index, name="registers"),
    path("<slug:code>/", registers.show, name="registers-list"),
    path("<slug:code>/map.json", registers.on_map, name="registers-map"),
    path("<slug:code>/template.xlsx", registers.template, name="registers-template"),
    path("<slug:code>/rows.xlsx", registers.sheet, {"form": "xlsx"}, name="registers.xlsx"),
    path("<slug:code>/rows.csv", registers.sheet, {"form": "csv"}, name="registers.csv"),
    path("<slug:code>/rows.zip", registers.sheet, {"form": "zip"}, name="registers.zip"),
    path("<slug:code>/columns/", registers.columns, name="registers-columns"),
    path("<slug:code>/filters/", registers.keep, name="registers-keep"),
    path("<slug:code>/filters/<int:number>/forget/", registers.forget, name="registers-forget"),
    path("<slug:code>/keys/", register_entries.keys, name="registers-keys"),
    path("<slug:code>/labels/", register_sheets.labels, name="registers-labels"),
    path("<slug:code>/bulk/", register_sheets.bulk, name="registers-bulk"),
    path("<slug:code>/upload/", register_sheets.upload, name="registers-upload"),
    path("<slug:code>/upload/<int:number>/", register_sheets.upload_one, name="registers-upload-one"),
    path("<slug:code>/add/", register_entries.add, name="registers-add"),
    path("<slug:code>/<int:number>/", register_entries.show, name="registers-entry"),
    path("<slug:code>/<int:number>/edit/", register_entries.edit, name="registers-edit"),
    path("<slug:code>/<int:number>/move/", register_entries.move, name="registers-move"),
    path("<slug:code>/<int:number>/withdraw/", register_entries.withdraw, name="registers-withdraw"),
    path("<slug:code>/<int:number>/files/", register_entries.attach, name="registers-attach"),
    path("<slug:code>/<int:number>/files/<int:file>/", register_entries.file, name="registers-file"),
]
