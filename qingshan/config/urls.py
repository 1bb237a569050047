from django.urls import include, path

urlpatterns = [path("", include("qingshan.web.urls"))]
