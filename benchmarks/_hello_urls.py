from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("hello/", login_not_required(lambda request: HttpResponse("hello"))),
    path("", include("qingshan.web.urls")),
]
