from django.contrib.auth.views import LogoutView
from django.urls import path

from qingshan.web.views import bodies, entry, exports, office, overview, plans, runs, targets, tasks

urlpatterns = [
    path("", entry.home, name="home"),
    path("sign-in/", entry.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", entry.language, name="language"),
    path("columns/", entry.columns, name="columns"),
    path("audit/", office.audit, name="audit"),
    path("people/", office.people, name="people"),
    path("<slug:programme>/", overview.show, name="overview"),
    path("<slug:programme>/targets/", targets.index, name="targets"),
    path("<slug:programme>/targets.xlsx", exports.targets, name="targets.xlsx"),
    path("<slug:programme>/targets/<slug:code>/", targets.show, name="target"),
    path("<slug:programme>/tasks/", tasks.index, name="tasks"),
    path("<slug:programme>/tasks.xlsx", exports.tasks, name="tasks.xlsx"),
    path("<slug:programme>/tasks/<str:no>/", tasks.show, name="task"),
    path("<slug:programme>/bodies/", bodies.index, name="bodies"),
    path("<slug:programme>/bodies/<slug:code>/", bodies.show, name="body"),
    path("<slug:programme>/runs/", runs.index, name="runs"),
    path("<slug:programme>/runs/new/", runs.new, name="run-new"),
    path("<slug:programme>/runs/<int:number>/", runs.show, name="run"),
    path("<slug:programme>/runs/<int:number>/sign/", runs.sign, name="run-sign"),
    path("<slug:programme>/runs/<int:number>/targets/<slug:code>/", runs.origin, name="origin"),
    path("<slug:programme>/plans/", plans.index, name="plans"),
    path("<slug:programme>/plans/upload/", plans.upload, name="plan-upload"),
    path("<slug:programme>/plans/<int:ordinal>/", plans.show, name="plan"),
    path("<slug:programme>/plans/<int:ordinal>/original/", plans.original, name="plan-original"),
    path("<slug:programme>/plans/<int:ordinal>/facts/", plans.facts, name="plan-facts"),
    path("<slug:programme>/plans/<int:ordinal>/add-target/", plans.target_add, name="plan-target-add"),
    path("<slug:programme>/plans/<int:ordinal>/targets/<slug:code>/", plans.target, name="plan-target"),
    path(
        "<slug:programme>/plans/<int:ordinal>/targets/<slug:code>/remove/",
        plans.target_remove,
        name="plan-target-remove",
    ),
    path("<slug:programme>/plans/<int:ordinal>/tasks/<int:order>/", plans.task, name="plan-task"),
    path("<slug:programme>/plans/<int:ordinal>/tasks/<int:order>/remove/", plans.task_remove, name="plan-task-remove"),
    path("<slug:programme>/plans/<int:ordinal>/adopt/", plans.adopt, name="plan-adopt"),
    path("<slug:programme>/plans/<int:ordinal>/discard/", plans.discard, name="plan-discard"),
]
